// The floor: what libcurl alone costs. multi_socket with plain epoll_ctl in the callback, easy handles used again, bodies
// counted and dropped. No features; nothing of a tool that people would use.
//
//     floor CONCURRENCY < urls
//     floor CONCURRENCY CAFILE --http2 < urls          HTTP/2 over TLS, as many streams as a connection takes
//     floor CONCURRENCY CAFILE --http2-alone < urls    the same, but transfers share no connection
//     floor --version                                  the libcurl that it runs with
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>

static int epoll;
static CURLM *multi;
static long long deadline = -1, received, failed;

static long long now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context) {
    (void)bytes, (void)context;
    received += size * count;
    return size * count;
}

static int on_socket(CURL *easy, curl_socket_t socket, int what, void *context, void *known) {
    (void)easy, (void)context;
    struct epoll_event event = {.data.fd = socket};
    if (what == CURL_POLL_REMOVE) {
        epoll_ctl(epoll, EPOLL_CTL_DEL, socket, &event);
        curl_multi_assign(multi, socket, NULL);
        return 0;
    }
    event.events = (what & CURL_POLL_IN ? EPOLLIN : 0) | (what & CURL_POLL_OUT ? EPOLLOUT : 0);
    epoll_ctl(epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event);
    curl_multi_assign(multi, socket, &epoll);
    return 0;
}

static int on_timer(CURLM *m, long milliseconds, void *context) {
    (void)m, (void)context;
    deadline = milliseconds < 0 ? -1 : now_ms() + milliseconds;
    return 0;
}

static int start(CURL *easy) {
    static char line[65536];
    if (!fgets(line, sizeof line, stdin)) return 0;
    line[strcspn(line, "\r\n")] = 0;
    curl_easy_setopt(easy, CURLOPT_URL, line);
    curl_multi_add_handle(multi, easy);
    return 1;
}

int main(int argc, char **argv) {
    int concurrency = argc > 1 ? atoi(argv[1]) : 64, running = 0;
    int multiplexes = argc > 3 && !strcmp(argv[3], "--http2"), is_http2 = argc > 3;
    if (argc > 1 && !strcmp(argv[1], "--version")) return puts(curl_version()) < 0;
    if (is_http2 && !multiplexes && strcmp(argv[3], "--http2-alone")) return 2;
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    epoll = epoll_create1(0);
    multi = curl_multi_init();
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)concurrency);
    if (is_http2) curl_multi_setopt(multi, CURLMOPT_PIPELINING, multiplexes ? CURLPIPE_MULTIPLEX : CURLPIPE_NOTHING);
    for (int i = 0; i < concurrency; i++) {
        CURL *easy = curl_easy_init();
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
        if (argc > 2) curl_easy_setopt(easy, CURLOPT_CAINFO, argv[2]);
        if (is_http2) curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
        if (multiplexes) curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
        running += start(easy);
    }
    while (running) {
        struct epoll_event events[256];
        long long wait = deadline < 0 ? 1000 : deadline - now_ms();
        int still, count = epoll_wait(epoll, events, 256, wait < 0 ? 0 : (int)wait);
        for (int i = 0; i < count; i++) {
            unsigned e = events[i].events;
            curl_multi_socket_action(
                multi, events[i].data.fd,
                (e & EPOLLIN ? CURL_CSELECT_IN : 0) | (e & EPOLLOUT ? CURL_CSELECT_OUT : 0)
                    | (e & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0),
                &still);
        }
        if (deadline >= 0 && now_ms() >= deadline) {
            deadline = -1;
            curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &still);
        }
        CURLMsg *message;
        while ((message = curl_multi_info_read(multi, &still))) {
            CURL *easy = message->easy_handle;
            if (message->data.result != CURLE_OK) failed++;
            curl_multi_remove_handle(multi, easy);
            running -= !start(easy);
        }
    }
    fprintf(stderr, "%lld bytes, %lld failed\n", received, failed);
    return failed != 0;
}
