# policy:
# | [[lines]]
# | id = "no-breakpoint"
# | match = 're:^\s*breakpoint\('
# | action = "deny"
# expect: completed
# stdout: done
text = "breakpoint()"
if not text:
    breakpoint()
print("done")
