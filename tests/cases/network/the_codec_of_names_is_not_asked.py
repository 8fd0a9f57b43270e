# policy:
# | [network]
# | connect = ["127.0.0.1:*", "unix:{cwd}/*", "unix:@fine-*"]
# | bind = ["127.0.0.1:*", "unix:{cwd}/*", "unix:@fine-*"]
# expect: completed
# stdout: fine
import codecs
import encodings.idna
import socket


class Codec(encodings.idna.Codec):
    def encode(self, text, errors="strict"):
        print("LEAKED")
        return b"127.0.0.2", len(text)


info = codecs.CodecInfo(name="idna", encode=Codec().encode, decode=None)
codecs.unregister(encodings.search_function)
codecs.register(lambda name: info if name == "idna" else encodings.search_function(name))
print(socket.gethostbyname("localhost"), socket.getaddrinfo("localhost", 80) != [])
print("fine")
