# policy:
# | [imports]
# | allow = ["math", "no_such_module"]
# expect: raised ModuleNotFoundError
import no_such_module
