<?php

declare(strict_types=1);

namespace Testpress\Tests\Support;

use PHPUnit\Framework\Assert;

/** PHP-FPM with opcache, behind nginx, each with a configuration of its own. */
final class Fpm
{
    public const WORKERS = 3;

    public readonly TemporaryDirectory $directory;
    private readonly Process $fpm;
    private readonly Nginx $nginx;
    private readonly int $port;

    /**
     * Every request is answered by one page, beside a copy of the package.
     *
     * @param string $settings of php.ini; DIRECTORY stands for the servers' own, here and in $pool
     * @param array<string, string> $files for that directory
     * @param string $pool lines for the pool's settings
     * @param string $page a file of this folder
     */
    public function __construct(string $settings, array $files = [], string $pool = '', string $page = 'page.php')
    {
        $this->directory = new TemporaryDirectory();
        Paths::copyPackage($this->directory);
        $page = $this->directory->write('page.php', file_get_contents(__DIR__ . "/$page"));
        array_map($this->directory->write(...), array_keys($files), $files);
        [$this->port] = Ports::free(1);
        $this->fpm = $this->startFpm(...str_replace('DIRECTORY', $this->directory->path, [$settings, $pool]));
        $socket = $this->directory->path . '/fpm.sock';
        $this->fpm->waitUntil(static fn (): bool => file_exists($socket));
        $this->nginx = new Nginx($this->directory, <<<CONF
            server {
                listen 127.0.0.1:$this->port;
                location / {
                    fastcgi_pass unix:$socket;
                    fastcgi_param SCRIPT_FILENAME $page;
                    fastcgi_param REQUEST_METHOD \$request_method;
                    fastcgi_param QUERY_STRING \$query_string;
                }
            }
            CONF, $this->port);
    }

    public static function needs(string ...$programs): void
    {
        foreach ($programs as $program) {
            if (self::find($program) === null) {
                Assert::markTestSkipped("needs $program");
            }
        }
    }

    /** Whom its workers run as. */
    public static function user(): string
    {
        return posix_geteuid() === 0 ? 'www-data' : posix_getpwuid(posix_geteuid())['name'];
    }

    public static function program(): string
    {
        return 'php-fpm' . PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION;
    }

    /** @return array{int, string} the HTTP status and the page */
    public function get(string $query = ''): array
    {
        return $this->together([$query])[0];
    }

    /**
     * Sends several requests at once.
     *
     * @param list<string> $queries
     * @return list<array{int, string}> the HTTP status and the page of each
     */
    public function together(array $queries): array
    {
        $sockets = array_map(fn () => stream_socket_client("tcp://127.0.0.1:$this->port"), $queries);
        array_map(static fn ($socket, $query) => fwrite($socket, "GET /?$query HTTP/1.0\r\n\r\n"), $sockets, $queries);
        return array_map(static function ($socket): array {
            stream_set_timeout($socket, 60);
            [$head, $page] = explode("\r\n\r\n", stream_get_contents($socket), 2);
            return [(int) explode(' ', $head)[1], $page];
        }, $sockets);
    }

    /** Stops both, and returns what they complained about. */
    public function complaints(): string
    {
        $this->nginx->stop();
        $this->fpm->stop();
        $log = file_get_contents($this->directory->path . '/fpm.log') . $this->fpm->output();
        return implode("\n", preg_grep('~^(?!.*NOTICE: ).+~', explode("\n", $log))) . $this->nginx->complaints();
    }

    private function startFpm(string $settings, string $pool): Process
    {
        $path = $this->directory->path;
        $workers = self::WORKERS;
        $user = posix_geteuid() === 0 ? "user=www-data\ngroup=www-data" : '';
        $ca = $this->directory->write('ca.pem', (string) @file_get_contents((string) getenv('SSL_CERT_FILE')));
        $library = "$path/libtestpress.so.1";
        copy(Paths::library(), $library);
        $institute = getenv('TESTPRESS_INSTITUTE');
        $configuration = $this->directory->write('fpm.conf', <<<CONF
            [global]
            daemonize=no
            error_log=$path/fpm.log
            [www]
            $user
            listen=$path/fpm.sock
            listen.mode=0666
            pm=static
            pm.max_children=$workers
            catch_workers_output=yes
            env[TESTPRESS_LIBRARY]=$library
            env[TESTPRESS_INSTITUTE]=$institute
            env[SSL_CERT_FILE]=$ca
            $pool

            CONF);
        $ini = $this->directory->write('php.ini', "display_errors=0\nlog_errors=1\n$settings");
        $command = [self::find(self::program()), '-c', $ini, '-y', $configuration, '-F'];
        return new Process($command, $this->directory);
    }

    private static function find(string $program): ?string
    {
        foreach ([...explode(':', getenv('PATH')), '/usr/sbin'] as $folder) {
            if (is_executable("$folder/$program")) {
                return "$folder/$program";
            }
        }
        return null;
    }
}
