# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "__main__.Bank.withdraw"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: __main__.Bank.withdraw
class Bank:
    def deposit(self, n):
        return n

    def withdraw(self, n):
        print("LEAKED", n)


account = Bank()
print("paid", account.deposit(3))
account.withdraw(3)
