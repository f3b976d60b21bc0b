<?php

declare(strict_types=1);

namespace Testpress;

/**
 * Logs in once. A program that logs in more than once makes a Client, which keeps its connections.
 *
 *     $token = Testpress\login('demo', $username, $password);
 *
 * @param array<string, string|int|bool|\Stringable> $options as for Client
 * @param ?float $timeout seconds
 * @throws TestpressException
 */
function login(
    string $institute,
    string $username,
    #[\SensitiveParameter] string $password,
    array $options = [],
    ?float $timeout = null,
): Token {
    $client = new Client($institute, $options);
    try {
        return $client->login($username, $password, $timeout);
    } finally {
        $client->close();
    }
}
