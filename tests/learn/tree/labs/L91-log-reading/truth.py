def truth():
    return 1
