# inside: none
# function: count
def count():
    number = 0
    while True: number = (number + 1) % 1000  # here


count()
