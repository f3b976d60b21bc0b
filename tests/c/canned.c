#include "canned.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

static void must(bool works, const char *what) {
    if (works)
        return;
    perror(what);
    exit(2);
}

static int listen_on_loopback(int *port) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(fd >= 0, "socket");
    must(bind(fd, (struct sockaddr *)&address, size) == 0, "bind");
    must(getsockname(fd, (struct sockaddr *)&address, &size) == 0, "getsockname");
    must(listen(fd, 128) == 0, "listen");
    *port = ntohs(address.sin_port);
    return fd;
}

/* False when the test is over, or the client has gone. */
static bool wait_for(const struct canned *server, int fd) {
    struct pollfd fds[] = {{server->stop[0], POLLIN, 0}, {fd, POLLIN, 0}};
    while (poll(fds, 2, -1) < 0)
        continue;
    return fds[0].revents == 0;
}

/* Whether head and body are there, going by Content-Length. */
static bool is_complete(const char *request, size_t length) {
    const char *end = strstr(request, "\r\n\r\n");
    if (!end)
        return false;
    size_t body = 0;
    for (const char *line = request; line < end; line = strstr(line, "\r\n") + 2)
        if (strncasecmp(line, "Content-Length:", 15) == 0)
            body = (size_t)strtoul(line + 15, NULL, 10);
    return length >= (size_t)(end + 4 - request) + body;
}

static bool read_request(struct canned *server, int fd) {
    size_t length = 0;
    memset(server->request, 0, sizeof server->request);
    while (!is_complete(server->request, length)) {
        size_t room = sizeof server->request - 1 - length;
        if (room == 0 || !wait_for(server, fd))
            return false;
        ssize_t count = read(fd, server->request + length, room);
        if (count <= 0)
            return false;
        length += (size_t)count;
    }
    server->requests++;
    return true;
}

static void answer(struct canned *server, int fd) {
    if (!read_request(server, fd))
        return;
    char byte;
    if (server->answer == CANNED_SILENCE)
        while (wait_for(server, fd) && read(fd, &byte, 1) > 0)
            continue;
    else if (send(fd, server->answer, strlen(server->answer), MSG_NOSIGNAL) < 0)
        return; /* the client has left: it may */
}

static void *serve(void *context) {
    struct canned *server = context;
    while (wait_for(server, server->listener)) {
        int fd = accept(server->listener, NULL, NULL);
        if (fd >= 0) {
            answer(server, fd);
            close(fd);
        }
    }
    return NULL;
}

void canned_start(struct canned *server, const char *answer) {
    memset(server, 0, sizeof *server);
    int port;
    server->answer = answer;
    server->listener = listen_on_loopback(&port);
    snprintf(server->origin, sizeof server->origin, "http://127.0.0.1:%d", port);
    snprintf(server->tls_origin, sizeof server->tls_origin, "https://127.0.0.1:%d", port);
    must(pipe(server->stop) == 0, "pipe");
    must(pthread_create(&server->thread, NULL, serve, server) == 0, "pthread_create");
}

void canned_stop(struct canned *server) {
    must(write(server->stop[1], "", 1) == 1, "write");
    pthread_join(server->thread, NULL);
    close(server->stop[0]);
    close(server->stop[1]);
    close(server->listener);
}

const char *dead_origin(void) {
    static char origin[64];
    int port;
    close(listen_on_loopback(&port));
    snprintf(origin, sizeof origin, "https://127.0.0.1:%d", port);
    return origin;
}
