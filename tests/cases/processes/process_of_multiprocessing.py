# policy:
# | [limits]
# | processes = 0
# expect: violation process
# expect-rule: limits.processes
import multiprocessing

if __name__ == "__main__":
    multiprocessing.get_context("spawn").Process(target=print).start()  # here
