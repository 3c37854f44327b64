"""Counts instructions with callgrind. See Scripts/count.

    count.py FETCH STORED [--store]

A run of 1000 URLs and one of 3000 are compared, so that start and end do not count. Fails where a thread needs over 5 % more than stored;
another compiler than the one that is stored with the counts makes another number of instructions, and only shows them.
"""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time

fetch, stored = os.path.realpath(sys.argv[1]), sys.argv[2]
formats = ["none", "body", "jsonl", "csv"]
# The functions that only one thread has.
threads = {"loop": "EventLoop", "output": "6OutputC3run"}
few, many = 1000, 3000


def serve(folder, port):
    os.makedirs(f"{folder}/files")
    for number in range(100):
        with open(f"{folder}/files/{number}", "w") as file:
            file.write("0123456789abcde\n" * 64)
    os.chmod(folder, 0o755)
    with open(f"{folder}/nginx.conf", "w") as file:
        file.write(
            f"""daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/errors; events {{ }}
            http {{
              access_log off; keepalive_requests 1000000;
              client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
              uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
              server {{ listen 127.0.0.1:{port}; root {folder}/files; }}
            }}"""
        )
    server = subprocess.Popen(["nginx", "-p", folder, "-c", f"{folder}/nginx.conf"], stderr=subprocess.DEVNULL)
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return server
        except OSError:
            assert server.poll() is None, "nginx does not start"
            time.sleep(0.02)


def counts(folder, port, format, number):
    """Instructions in the binary by thread."""
    urls, out = f"{folder}/urls", f"{folder}/{format}-{number}"
    with open(urls, "w") as file:
        file.writelines(f"http://127.0.0.1:{port}/{n % 100}\n" for n in range(number))
    tool = ["valgrind", "--tool=callgrind", "--separate-threads=yes", f"--callgrind-out-file={out}"]
    # What waits for its order is a matter of chance.
    command = tool + [fetch, "-j", "64", "--unordered", "--format", format, "-i", urls]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    found = dict.fromkeys(threads, 0)
    for name in os.listdir(folder):
        if not name.startswith(f"{format}-{number}-"):
            continue
        text = subprocess.run(["callgrind_annotate", "--threshold=100", f"{folder}/{name}"], capture_output=True, text=True).stdout
        rows = re.findall(r"^\s*([\d,]+) \([^)]*\)\s+(.*\[(.*)\])$", text, re.M)
        own = [(int(count.replace(",", "")), row) for count, row, library in rows if library == fetch]
        for thread, mark in threads.items():
            if any(mark in row for _, row in own):
                found[thread] += sum(count for count, _ in own)
    return found


def measured():
    result = {}
    with tempfile.TemporaryDirectory(prefix="fetch-count-") as folder:
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        server = serve(folder, port)
        try:
            for format in formats:
                low, high = (counts(folder, port, format, number) for number in (few, many))
                for thread in threads:
                    result[f"{format} {thread}"] = round((high[thread] - low[thread]) / (many - few))
        finally:
            server.terminate()
            server.wait()
    return result


def compiler():
    text = subprocess.run(["swift", "--version"], capture_output=True, text=True).stdout
    return f"{re.search(r'Swift version [0-9.]+', text)[0]}, {os.uname().machine}"


def main():
    # A thread that does nothing for a URL may wake up once more in the longer run.
    now = {name: count for name, count in measured().items() if count > 100}
    if "--store" in sys.argv:
        with open(stored, "w") as file:
            file.write("# Instructions a URL in the binary, by format and thread. Made by Scripts/count --store.\n")
            file.write(f"# {compiler()}\n")
            file.writelines(f"{name} {count}\n" for name, count in now.items())
    with open(stored) as file:
        lines = file.read().splitlines()
    before = {name: int(count) for name, count in (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))}
    is_comparable = lines[1] == f"# {compiler()}"
    excess = [name for name, count in now.items() if count > before.get(name, 0) * 1.05]
    for name, count in now.items():
        print(f"{name:14} {count:7} stored {before.get(name, 0):7}{'  TOO MANY' if name in excess else ''}")
    if not is_comparable:
        print(f"{compiler()} is not what the counts are stored for: nothing to compare with")
    sys.exit(bool(excess) and is_comparable)


main()
