"""The terminal UI (Textual)."""

from safecomm.core.profile import Profile


def run_app(profile: Profile) -> int:
    """Open the screen and stay until the person leaves; the exit code."""
    from safecomm.core.profile import answered
    from safecomm.home import keep_use, kept_use
    from safecomm.tui.app import SafeCommApp

    kept = kept_use() if profile.tor.use is None else None
    app = SafeCommApp(profile if kept is None else answered(profile, kept), keep_answer=keep_use)
    app.run()
    return app.return_code or 0
