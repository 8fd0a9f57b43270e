"""An instructor's harness: library code when the policy trusts its folder."""


def check(function, given):
    """Compares a student's function with the real thing."""
    return function(given) == sorted(given)
