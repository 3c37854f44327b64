"""The programs, by the lines that run them, and their versions."""
import os

from bed import programs
from results import first_line


class Programs:
    """Lines for the shell that fetch the URLs of a list and drop the bodies, 64 at once."""

    def __init__(self, bed, fetch, python, library, current_libcurl):
        self.bed, self.fetch, self.python, self.library = bed, fetch, python, library
        found = current_libcurl and os.path.exists(f"{current_libcurl}/libcurl.so.4")
        # What has a program load a current libcurl in place of the system's: nothing where there is none.
        self.current = f"LD_LIBRARY_PATH={os.path.abspath(current_libcurl)} " if found else None

    def libcurl(self, prefix=""):
        """The version that the floor, and hence fetch, loads."""
        return first_line(f"{prefix}{self.bed.floor} --version").split()[0].partition("/")[2]

    def about(self):
        """The programs and their versions."""
        lines = dict(
            fetch=f"{self.fetch} --version", curl="curl --version", wget2="wget2 --version", aria2="aria2c --version",
            aiohttp=f"{self.python} -c 'import aiohttp; print(\"aiohttp\", aiohttp.__version__)'",
            parallel="parallel --version", h2load="h2load --version", nginx="nginx -v 2>&1",
        )
        versions = {name: first_line(line) for name, line in lines.items()}
        return {**versions, "current libcurl": self.libcurl(self.current) if self.current else "none"}

    def floor_run(self, urls, arguments="", prefix=""):
        return f"{prefix}{self.bed.floor} 64 {arguments} < {urls}"

    def fetch_run(self, urls, arguments="--format none", prefix=""):
        return f"{prefix}{self.fetch} -j 64 {arguments} -i {urls}"

    def curl_run(self, urls, arguments=""):
        config = urls + ".curl"
        if not os.path.exists(config):
            with open(urls) as lines, open(config, "w") as file:
                file.writelines(f'url = "{url.strip()}"\noutput = /dev/null\n' for url in lines)
        return f"curl -s -Z --parallel-max 64 {arguments} -K {config}"

    def wget2_run(self, urls):
        return f"wget2 -q --max-threads 64 -O /dev/null -i {urls}"

    def aria2_run(self, urls):
        """It writes nothing but files, so each run has a folder of its own."""
        named = urls + ".aria2"
        if not os.path.exists(named):
            with open(urls) as lines, open(named, "w") as file:
                file.writelines(f"{url.strip()}\n out={number}\n" for number, url in enumerate(lines))
        folder = f"$(mktemp -d {self.bed.folder}/aria2.XXXX)"
        return f"d={folder}; aria2c -q --no-conf -j 64 -x 16 --file-allocation=none -d $d -i {named}; s=$?; rm -r $d; exit $s"

    def gather_run(self, urls):
        return f"{self.python} {programs}/gather.py 64 {urls}"

    def pooled_run(self, urls):
        return f"{self.python} {programs}/pooled.py 64 {urls}"

    def xargs_run(self, urls):
        return f"xargs -P 64 -n 1 curl -s -o /dev/null < {urls}"

    def parallel_run(self, urls):
        return f"parallel --will-cite -j 64 curl -s -o /dev/null < {urls}"

    def h2load_run(self, count):
        return f"h2load --h1 -n {count} -c 64 -t 1 http://127.0.0.1:{self.bed.plain}/1"
