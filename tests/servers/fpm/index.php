<?php

// Answers each request with the profile of a user that has just logged in.

declare(strict_types=1);

require __DIR__ . '/../../../bindings/php/autoload.php';

$client = new Testpress\Client(getenv('TESTPRESS_INSTITUTE'));
$token = $client->login('testpress', 'demo');

$curl = curl_init($token->origin() . '/api/v2.2/me/');
curl_setopt_array($curl, [
    CURLOPT_HTTPHEADER => [$token->header()],
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_TIMEOUT => 10,
    CURLOPT_CAINFO => getenv('SSL_CERT_FILE'),
]);
$profile = curl_exec($curl);

header('Content-Type: application/json');
echo $profile;
