# expect: raised ModuleNotFoundError
import lictor
