"""Is someone between me and the place where I publish?"""
