# policy:
# | [imports]
# | allow = ["decimal", "locale"]
# tells: a library's own imports pass, also those it makes late, called by the guest
# expect: completed
# stdout: 1.50
import decimal
print(decimal.Decimal("1.5").quantize(decimal.Decimal("0.01")))
format(decimal.Decimal("1234.5"), ",")
