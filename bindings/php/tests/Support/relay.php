<?php

/**
 * relay.php PORT TARGET BOOK: hands the bytes of each connection to PORT of this machine on to TARGET and back, and
 * writes one byte into the file BOOK for each connection, before the first of them is handed on.
 */

declare(strict_types=1);

[, $port, $target, $book] = $argv;
$server = stream_socket_server("tcp://127.0.0.1:$port");
/** @var array<int, array{resource, resource}> $pairs each stream, and the one that its bytes go to */
$pairs = [];
while (true) {
    $readable = [$server, ...array_column($pairs, 0)];
    $none = null;
    stream_select($readable, $none, $none, null);
    foreach ($readable as $stream) {
        if ($stream === $server) {
            $near = @stream_socket_accept($server);
            if ($near === false) {
                // The client has left already.
                continue;
            }
            file_put_contents($book, '.', FILE_APPEND);
            $far = stream_socket_client("tcp://localhost:$target");
            $pairs[(int) $near] = [$near, $far];
            $pairs[(int) $far] = [$far, $near];
            // What stands in PHP's own buffer is nothing that select would tell.
            array_map(static fn ($end) => stream_set_read_buffer($end, 0), [$near, $far]);
            continue;
        }
        if (!isset($pairs[(int) $stream])) {
            continue;
        }
        [, $other] = $pairs[(int) $stream];
        $bytes = @fread($stream, 65536);
        if ($bytes === '' || $bytes === false || @fwrite($other, $bytes) === false) {
            unset($pairs[(int) $stream], $pairs[(int) $other]);
            fclose($stream);
            fclose($other);
        }
    }
}
