import sys
import time

if __name__ == "__main__":
    sys.stdout.write("at work\n")
    sys.stdout.flush()
    time.sleep(600)
