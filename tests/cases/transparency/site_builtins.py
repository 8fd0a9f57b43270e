# expect: completed
# stdout: exit quit copyright credits license help
import builtins
print(*(name for name in ("exit", "quit", "copyright", "credits", "license", "help") if hasattr(builtins, name)))
quit()
