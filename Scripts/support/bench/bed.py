"""What the programs are measured against: nginx and a few servers of ours on loopback, and lists of URLs on them."""
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

here = os.path.dirname(os.path.abspath(__file__))
programs = f"{here}/programs"
fault_server = f"{here}/../../../Tests/Support/servers/faultserver.py"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(port):
    for _ in range(500):
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.02)
    raise TimeoutError(f"nothing listens at port {port}")


def address(number):
    """One of some millions of hosts in 127.0.0.0/8."""
    return f"127.{1 + number // 62500}.{number // 250 % 250}.{1 + number % 250}"


class Bed:
    """A folder, and servers that live as long as the bed is used.

    Ports of nginx: `plain` on 127.0.0.1; `many` on every address of 127.0.0.0/8; `tls` closes after each answer and resumes no session;
    `kept` is TLS that keeps connections; `h2` answers HTTP/2 alone.
    """

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="fetch-bench-")
        self.plain, self.many, self.tls, self.kept, self.h2 = (free_port() for _ in range(5))
        # nginx reads it as another user.
        os.chmod(self.folder, 0o755)
        self.make_files()
        self.make_certificates()
        self.floor = f"{self.folder}/floor"
        self.shell(f"cc -O2 -Wall -Wextra -o {self.floor} {programs}/floor.c -lcurl")
        self.servers = [self.start_nginx()]
        for port in (self.plain, self.tls):
            wait_for(port)
        return self

    def __exit__(self, *_):
        for server in self.servers:
            server.send_signal(signal.SIGTERM)
            server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def shell(self, line):
        subprocess.run(line, shell=True, check=True, cwd=self.folder, stderr=subprocess.DEVNULL)

    def make_files(self):
        """A hundred files of 1 KB, one of 1 GB without blocks on the disk, and 1 MB of text that gzip makes a tenth of."""
        os.makedirs(f"{self.folder}/files")
        for number in range(100):
            with open(f"{self.folder}/files/{number}", "w") as file:
                file.write("0123456789abcde\n" * 64)
        with open(f"{self.folder}/files/1G", "w") as file:
            file.truncate(1 << 30)
        with open(f"{self.folder}/files/text", "wb") as file:
            # Random bytes in hexadecimal after a constant: some 100 KB when packed.
            file.write(b"".join(b"the same words again and again " * 3 + os.urandom(7).hex().encode() for _ in range(1_000_000 // 107)))
        self.shell("gzip -k files/text")

    def make_certificates(self):
        """An authority, in a bundle as large as the system's, and a certificate for 127.0.0.1 and the hosts below bench.localhost."""
        self.shell("openssl ecparam -name prime256v1 -genkey -noout -out ca.key")
        self.shell("openssl req -x509 -new -key ca.key -subj '/CN=fetch bench authority' -days 2 -out ca.pem")
        self.shell("openssl ecparam -name prime256v1 -genkey -noout -out key.pem")
        self.shell("openssl req -new -key key.pem -subj /CN=bench -out bench.csr")
        with open(f"{self.folder}/ext", "w") as file:
            file.write("subjectAltName=IP:127.0.0.1,DNS:*.bench.localhost\n")
        self.shell("openssl x509 -req -in bench.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile ext -days 2 -out cert.pem")
        self.shell("cat /etc/ssl/certs/ca-certificates.crt ca.pem > bundle.pem")
        self.authority, self.bundle = f"{self.folder}/ca.pem", f"{self.folder}/bundle.pem"

    def start_nginx(self):
        folder = self.folder
        with open(f"{folder}/nginx.conf", "w") as file:
            file.write(
                f"""daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/errors;
                events {{ worker_connections 8192; }}
                http {{
                  access_log off; keepalive_requests 100000000; sendfile on; root {folder}/files; gzip_static on;
                  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
                  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
                  ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;
                  server {{ listen 127.0.0.1:{self.plain} backlog=4096; location = /status {{ stub_status; }} }}
                  server {{ listen {self.many} backlog=4096; allow 127.0.0.0/8; deny all; }}
                  server {{
                    listen 127.0.0.1:{self.tls} ssl backlog=4096; listen [::1]:{self.tls} ssl backlog=4096;
                    keepalive_timeout 0; ssl_session_cache off; ssl_session_tickets off;
                  }}
                  server {{ listen 127.0.0.1:{self.kept} ssl backlog=4096; location = /post {{ return 200 "ok\\n"; }} }}
                  server {{
                    listen 127.0.0.1:{self.h2} ssl http2 backlog=4096;
                    if ($server_protocol != HTTP/2.0) {{ return 444; }}
                  }}
                }}"""
            )
        return subprocess.Popen(["nginx", "-p", folder, "-c", f"{folder}/nginx.conf"], stderr=subprocess.DEVNULL)

    def idle(self, kind):
        """The port of a server that answers late (`slow`) or never (`silent`)."""
        port = free_port()
        self.servers.append(subprocess.Popen([sys.executable, f"{programs}/idle.py", kind, str(port)]))
        wait_for(port)
        return port

    def faults(self, addresses):
        """The port of the tests' scripted server with that many hosts."""
        server = subprocess.Popen(
            [sys.executable, fault_server, "--addresses", str(addresses)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.servers.append(server)
        return int(server.stdout.readline().split()[1])

    def served(self):
        """How many connections and requests nginx has seen, this one included."""
        with socket.create_connection(("127.0.0.1", self.plain)) as connection:
            connection.sendall(b"GET /status HTTP/1.0\r\n\r\n")
            counts = connection.makefile().read().split("requests\n")[1].split()
        return int(counts[0]), int(counts[2])

    def list(self, urls):
        """A file with a URL in each line."""
        descriptor, path = tempfile.mkstemp(prefix="list-", dir=self.folder)
        with open(descriptor, "w") as file:
            file.writelines(url + "\n" for url in urls)
        return path

    def one_host(self, count, port=None, scheme="http"):
        # Each URL once: wget2 fetches none twice.
        return self.list(f"{scheme}://127.0.0.1:{port or self.plain}/{number % 100}?{number}" for number in range(count))

    def many_hosts(self, count):
        return self.list(f"http://{address(number)}:{self.many}/{number % 100}?{number}" for number in range(count))
