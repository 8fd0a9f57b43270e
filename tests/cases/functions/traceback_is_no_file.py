# tells: nor are the streams that the interpreter reads its sources with
# policy:
# | extends = ["grading"]
# expect: raised IndexError
# stderr: return numbers[3]
def third(numbers):
    return numbers[3]  # here


third([])
