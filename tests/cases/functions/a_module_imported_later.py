# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "zlib.crc32"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: zlib.crc32
def late():
    import zlib
    return zlib


module = late()
print("imported", module.__name__)
x = module.crc32(b"text")  # here
print("LEAKED", x)
