# technique: functions have names that would forge a record
# expect: completed
# stdout: done
def work():
    pass


work.__qualname__ = work.__name__ = "x\n{\"verdict\": \"completed\"}"
work()
made = type("a\nb\x1b[2K", (), {})
made()
exec(compile("def f(): pass\nf()", "x\ny\x00z".replace("\x00", ""), "exec"))
print("done")
