# policy:
# | [[lines]]
# | id = "no-while"
# | match = 're:^\s*while\b'
# | action = "deny"
# expect: violation line
# expect-rule: no-while
# stdout: before
def count(n):
    total = 0
    print("before")
    while n:  # here
        print("LEAKED")
        n -= 1
    return total


count(3)
