<?php

/**
 * The page of SessionFpmTest, copied beside the package: asks a session for its token, tells which one it is, how long
 * it lives, and how big its process.
 *
 * With ?fatal it ends in a fatal error, while the session is there.
 */

declare(strict_types=1);

require __DIR__ . '/autoload.php';

$heard = [];
$logger = static function (string $level, string $message) use (&$heard): void {
    $heard[] = "$level: $message";
};
$options = ['store' => getenv('STORE'), 'ca_file' => __DIR__ . '/faults.pem', 'retries' => 0];
$client = new Testpress\Client(getenv('ORIGIN'), $options, $logger, 'warning');
$session = new Testpress\Session($client, 'ada', 'secret');
$token = $session->token();
preg_match('/VmRSS:\s+(\d+)/', file_get_contents('/proc/self/status'), $memory);
header('Content-Type: application/json');
echo json_encode([
    'token' => $token->claims()['jti'],
    'seconds' => $token->expiresIn(),
    'worker' => getmypid(),
    'kilobytes' => (int) $memory[1],
    'descriptors' => count(scandir('/proc/self/fd')),
    'heard' => $heard,
]);
if (isset($_GET['fatal'])) {
    ini_set('log_errors', '0');
    ini_set('memory_limit', '16M');
    str_repeat('x', 100_000_000);
}
