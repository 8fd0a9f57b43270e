# technique: the XML parser calls its handler
# policy:
# | [[functions]]
# | id = "no-shell"
# | match = "os.system"
# | action = "deny"
# expect: violation call
import os
from xml.parsers import expat

parser = expat.ParserCreate()
parser.CharacterDataHandler = os.system
parser.Parse("<a>echo LEAKED</a>", True)
print("LEAKED")
