<?php

/**
 * The page of FpmTest, copied beside the package: logs in, fetches the profile, and tells who the user is, and how big
 * its process.
 *
 * With ?fatal it ends in a fatal error, while a client and a token are there.
 */

declare(strict_types=1);

require __DIR__ . '/autoload.php';

header('Content-Type: application/json');
try {
    $logger = isset($_GET['log']) ? static fn () => null : null;
    $client = new Testpress\Client(getenv('TESTPRESS_INSTITUTE'), [], $logger);
    $token = $client->login('testpress', 'demo');
    $http = ['header' => $token->header(), 'follow_location' => 0];
    $ssl = ['cafile' => getenv('SSL_CERT_FILE')];
    $context = stream_context_create(['http' => $http, 'ssl' => $ssl]);
    $profile = json_decode(file_get_contents($token->origin() . '/api/v2.2/me/', false, $context), true);
    preg_match('/VmRSS:\s+(\d+)/', file_get_contents('/proc/self/status'), $memory);
    echo json_encode([
        'username' => $profile['username'],
        'worker' => getmypid(),
        'kilobytes' => (int) $memory[1],
        'descriptors' => count(scandir('/proc/self/fd')),
    ]);
} catch (Testpress\LibraryException $exception) {
    http_response_code(500);
    echo json_encode(['reason' => $exception->reason(), 'message' => $exception->getMessage()]);
}
if (isset($_GET['fatal'])) {
    ini_set('log_errors', '0');
    ini_set('memory_limit', '16M');
    str_repeat('x', 100_000_000);
}
