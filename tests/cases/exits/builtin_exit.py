# expect: raised 5
exit(5)
