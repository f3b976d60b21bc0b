<?php

declare(strict_types=1);

namespace Testpress\Native;

use FFI\CData;
use Psr\Log\LoggerInterface;

/**
 * Hands a client's log messages to the application's logger, once the native call that they are about has returned.
 *
 * Not earlier: from inside a native call nothing may unwind, and in an application's code an exit(), a fatal error or
 * a signal's handler could; a debug_backtrace() there would find the password, too.
 *
 * @internal
 */
final class Log
{
    /** By PSR-3's names, the library's numbers. */
    private const LEVELS = ['error' => 1, 'warning' => 2, 'info' => 3, 'debug' => 4];

    /** @var list<array{int, string}> of the call that is being made: there is only one at a time */
    private static array $messages = [];

    private readonly \Closure $logger;
    private readonly int $level;

    public function __construct(callable|LoggerInterface $logger, string $level)
    {
        $this->logger = $logger instanceof LoggerInterface ? $logger->log(...) : $logger(...);
        $this->level = self::LEVELS[$level] ?? throw Failure::invalidArgument(
            'logLevel: it takes ' . implode(', ', array_keys(self::LEVELS)) . ", not \"$level\"",
        );
    }

    public function attach(Bridge $bridge, CData $config): void
    {
        $callback = $bridge->callback(static function ($context, int $level, string $message): void {
            self::$messages[] = [$level, $message];
        });
        $bridge->library->tp_config_set_log($config, $this->level, $callback, null);
    }

    /**
     * @template T
     * @param \Closure(): T $call whose variables hold the password
     * @return T
     */
    public function during(#[\SensitiveParameter] \Closure $call): mixed
    {
        self::$messages = [];
        $asynchronous = function_exists('pcntl_async_signals') && pcntl_async_signals(false);
        try {
            return $call();
        } finally {
            $this->deliver();
            if ($asynchronous) {
                pcntl_async_signals(true);
                pcntl_signal_dispatch();
            }
        }
    }

    /** A logger that fails costs a message, and no login. */
    private function deliver(): void
    {
        $messages = self::$messages;
        self::$messages = [];
        foreach ($messages as [$level, $message]) {
            try {
                ($this->logger)(array_search($level, self::LEVELS, true) ?: 'error', $message);
            } catch (\Throwable) {
                continue;
            }
        }
    }
}
