"""A module beside the script."""


def say(text):
    print(text)
