# technique: a pool of processes
# policy:
# | [limits]
# | processes = 0
# expect: violation process
import concurrent.futures

with concurrent.futures.ProcessPoolExecutor(1) as pool:
    print("LEAKED", pool.submit(abs, -1).result())
