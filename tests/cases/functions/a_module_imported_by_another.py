# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "decimal.Decimal.sqrt"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: decimal.Decimal.sqrt
import statistics
decimal = __import__("decimal")
x = decimal.Decimal(2).sqrt()  # here
print("LEAKED", x)
