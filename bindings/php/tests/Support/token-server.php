<?php

/**
 * What TokenServer answers, in PHP's own web server: every login with another token, and each page but /open with 401
 * unless it is asked with a token that is accepted. A page tells how it was asked: [AUTHORIZATION] METHOD BODY.
 */

declare(strict_types=1);

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$authorization = $_SERVER['HTTP_AUTHORIZATION'] ?? '';
$directory = getenv('TOKEN_SERVER');
file_put_contents("$directory/requests", "$_SERVER[REQUEST_METHOD] $path [$authorization]\n", FILE_APPEND);

if ($path === '/api/v2.5/auth-token/') {
    file_put_contents("$directory/logins", '.', FILE_APPEND);
    $refused = file_exists("$directory/refuse-logins");
    http_response_code($refused ? 400 : 201);
    header('Content-Type: application/json');
    $number = filesize("$directory/logins");
    echo json_encode($refused ? ['non_field_errors' => ['no']] : ['token' => "canary.token.$number"]);
} elseif (str_starts_with($path, '/redirect/')) {
    http_response_code((int) substr($path, strlen('/redirect/')));
    header("Location: $_SERVER[QUERY_STRING]");
} else {
    $number = (int) substr(strrchr(".$authorization", '.'), 1);
    $accepted = $path === '/open' || $number > (int) file_get_contents("$directory/revoked");
    http_response_code($accepted ? 200 : 401);
    echo "[$authorization] $_SERVER[REQUEST_METHOD] ", file_get_contents('php://input');
}
