# policy:
# | [syntax]
# | forbid = ["recursion:*"]
# expect: violation syntax
# expect-subject: recursion:*
# stderr: makes even call itself through odd
# stderr: makes Tree.depth call itself
def even(n):
    return n == 0 or odd(n - 1)  # here


def odd(n):
    return n != 0 and even(n - 1)  # here


class Tree:
    def depth(self, n):
        return n and self.depth(n - 1)  # here

    def append(self, part):
        self.parts.append(part)


print("LEAKED")
