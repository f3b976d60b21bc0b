<?php

declare(strict_types=1);

namespace Testpress\Tests\Support;

/** Free ports of this machine. */
final class Ports
{
    /** @return list<int> */
    public static function free(int $count): array
    {
        $sockets = [];
        for ($i = 0; $i < $count; $i++) {
            // Held until all are known: else the system gives the same one again.
            $sockets[] = stream_socket_server('tcp://127.0.0.1:0');
        }
        return array_map(
            static fn ($socket): int => (int) substr(strrchr(stream_socket_get_name($socket, false), ':'), 1),
            $sockets,
        );
    }

    public static function listens(int $port): bool
    {
        $socket = @stream_socket_client("tcp://127.0.0.1:$port", $code, $message, 1);
        return $socket !== false && fclose($socket);
    }
}
