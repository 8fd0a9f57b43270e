# technique: one operation on numbers of any size
# policy:
# | [limits]
# | wall = "1s"
# expect: limit wall
import decimal

context = decimal.Context(prec=decimal.MAX_PREC // 10**9, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN)
while True:
    context.power(decimal.Decimal(3), decimal.Decimal(2) ** 40)
