<?php

declare(strict_types=1);

namespace Testpress;

use FFI\CData;
use Psr\Log\LoggerInterface;
use Testpress\Native\Arguments;
use Testpress\Native\Bridge;
use Testpress\Native\Handles;
use Testpress\Native\Log;
use Testpress\Native\NotCopied;

/**
 * A client of one institute, which keeps its connection for the next login.
 *
 * It lives as long as the request at most; close() or the last reference's end frees it, and its tokens live on. A
 * forked process may use the one it inherited. It can't be cloned or serialized.
 */
final class Client
{
    use NotCopied;

    private readonly ?Log $log;
    private readonly int $number;

    /**
     * Reads the files that options name; makes no connection. The system's trusted certificates are read before the
     * first.
     *
     * @param string $institute a subdomain ("demo" for demo.testpress.in), a domain ("learn.example.com"), or an https
     *     URL without a path
     * @param array<string, string|int|bool|\Stringable> $options by the library's names: ['timeout_ms' => 5000,
     *     'ca_file' => '/etc/ssl/corporate.pem']; README.md lists them. An unknown name or a bad value is refused.
     * @param callable(string, string): mixed|LoggerInterface|null $logger gets PSR-3's name of the level and the
     *     message, right after the call that it is about; what it throws is dropped
     * @param string $logLevel up to which level: "error", "warning", "info" or "debug"
     * @throws InvalidArgumentException
     * @throws ProxyException when the environment's proxy is malformed
     * @throws LibraryException when the native library can't be used
     */
    public function __construct(
        string $institute,
        array $options = [],
        callable|LoggerInterface|null $logger = null,
        string $logLevel = 'info',
    ) {
        $this->log = $logger === null ? null : new Log($logger, $logLevel);
        $bridge = Bridge::get();
        Arguments::text('institute', $institute);
        $config = $this->config($bridge, $options);
        try {
            $client = $this->logged(
                static fn (): CData => $bridge->make('tp_client', 'tp_client_new', $institute, $config),
            );
        } finally {
            $bridge->library->tp_config_free($config);
        }
        $this->number = Handles::keep($this, $client, 'tp_client_free');
    }

    /**
     * Logs in. Blocks this process until there is an answer or the time is up: no other fiber, no signal handler and
     * no max_execution_time gets its turn before.
     *
     * @param string $username and $password: 1 byte to 64 KiB each of UTF-8, sent exactly as given
     * @param ?float $timeout seconds for this call; null takes the option timeout_ms (30 seconds)
     * @throws TestpressException of the class that README.md lists for each status
     */
    public function login(string $username, #[\SensitiveParameter] string $password, ?float $timeout = null): Token
    {
        return Handles::lend($this, function (CData $client) use ($username, $password, $timeout): Token {
            Arguments::text('username', $username);
            Arguments::text('password', $password);
            $milliseconds = $timeout === null ? 0 : Arguments::timeout($timeout);
            return $this->logged(static fn (): Token => self::call($client, $username, $password, $milliseconds));
        });
    }

    /** Where credentials go, such as "https://demo.testpress.in". */
    public function origin(): string
    {
        return Handles::lend(
            $this,
            static fn (CData $client): string => Bridge::get()->library->tp_client_origin($client),
        );
    }

    /** Closes the connections. Again is fine; any other use afterwards throws InvalidArgumentException. */
    public function close(): void
    {
        Handles::free($this);
    }

    public function __destruct()
    {
        $this->close();
    }

    /** @return array<string, string> what var_dump and print_r show */
    public function __debugInfo(): array
    {
        return Handles::has($this) ? ['origin' => $this->origin()] : [];
    }

    /**
     * For what calls the library through this client: a session.
     *
     * @internal
     */
    public function log(): ?Log
    {
        return $this->log;
    }

    private static function call(
        CData $client,
        string $username,
        #[\SensitiveParameter] string $password,
        int $milliseconds,
    ): Token {
        $bridge = Bridge::get();
        $call = $bridge->library->tp_call_new($milliseconds);
        try {
            return Token::own($bridge->make('tp_token', 'tp_client_login', $client, $username, $password, $call));
        } finally {
            $bridge->library->tp_call_free($call);
        }
    }

    /**
     * @template T
     * @param \Closure(): T $call
     * @return T
     */
    private function logged(#[\SensitiveParameter] \Closure $call): mixed
    {
        return $this->log === null ? $call() : $this->log->during($call);
    }

    /** @param array<string, mixed> $options */
    private function config(Bridge $bridge, array $options): CData
    {
        $config = $bridge->library->tp_config_new();
        try {
            foreach ($options as $name => $value) {
                $name = Arguments::text('option', (string) $name);
                $bridge->call('tp_config_set', $config, $name, Arguments::option($name, $value));
            }
            $this->log?->attach($bridge, $config);
        } catch (\Throwable $failure) {
            $bridge->library->tp_config_free($config);
            throw $failure;
        }
        return $config;
    }
}
