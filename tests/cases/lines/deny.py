# policy:
# | [[lines]]
# | id = "no-breakpoint"
# | match = 're:^\s*breakpoint\('
# | action = "deny"
# | message = "Take the breakpoints out."
# expect: violation line
# expect-rule: no-breakpoint
# stderr: Take the breakpoints out.
# stdout: before
import sys
sys.breakpointhook = lambda: print("LEAKED")
print("before")
breakpoint()  # here
print("LEAKED")
