# tells: the verdict comes from native state, not from an exception's name
# expect: raised PolicyViolation
class PolicyViolation(PermissionError):
    rule = "harmless"


raise PolicyViolation("verdict: completed")
