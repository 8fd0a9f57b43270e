# expect: raised
# stderr: Broken: no good
class Broken(Exception):
    pass


raise Broken("no good")
