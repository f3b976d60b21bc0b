<?php

declare(strict_types=1);

namespace Testpress\Native;

use FFI;
use FFI\CData;
use Testpress\BadRequestException;
use Testpress\BadResponseException;
use Testpress\CancelledException;
use Testpress\ConnectException;
use Testpress\DnsException;
use Testpress\ForbiddenException;
use Testpress\InternalException;
use Testpress\InvalidArgumentException;
use Testpress\LibraryException;
use Testpress\LockedException;
use Testpress\NotFoundException;
use Testpress\OutcomeUnknownException;
use Testpress\ProxyException;
use Testpress\RejectedException;
use Testpress\ServerException;
use Testpress\StoreException;
use Testpress\TestpressException;
use Testpress\ThrottledException;
use Testpress\TimeoutException;
use Testpress\TlsException;
use Testpress\TooManyDevicesException;
use Testpress\UnauthorizedException;

/**
 * Makes the exceptions.
 *
 * @internal
 */
final class Failure
{
    private const INVALID_ARGUMENT = 1;

    /** The statuses of the library: the one table of them. */
    public const CLASSES = [
        1 => InvalidArgumentException::class,
        2 => InternalException::class,
        3 => CancelledException::class,
        4 => StoreException::class,
        10 => DnsException::class,
        11 => ConnectException::class,
        12 => TlsException::class,
        13 => ProxyException::class,
        14 => TimeoutException::class,
        15 => OutcomeUnknownException::class,
        20 => RejectedException::class,
        21 => LockedException::class,
        22 => TooManyDevicesException::class,
        23 => ThrottledException::class,
        24 => UnauthorizedException::class,
        25 => ForbiddenException::class,
        26 => NotFoundException::class,
        27 => BadRequestException::class,
        40 => ServerException::class,
        41 => BadResponseException::class,
    ];

    /** The exception of a call that returned $status; frees $error. */
    public static function of(FFI $library, int $status, CData $error): TestpressException
    {
        $class = self::CLASSES[$status] ?? TestpressException::class;
        $known = static fn (int $number): ?int => $number < 0 ? null : $number;
        try {
            return self::withoutArguments(static fn () => new $class(
                $library->tp_error_message($error) ?? 'no message came with this status',
                $status,
                $library->tp_status_name($status),
                $library->tp_error_http_status($error) ?: null,
                $library->tp_error_server_code($error),
                $library->tp_error_server_message($error),
                $library->tp_error_server_body($error),
                $known($library->tp_error_retry_after($error)),
                $library->tp_error_retryable($error) === 1,
                $library->tp_error_request_sent($error) === 1,
            ));
        } finally {
            $library->tp_error_free($error);
        }
    }

    /** For what is refused before the library sees it. */
    public static function invalidArgument(string $message): InvalidArgumentException
    {
        return self::withoutArguments(
            static fn () => new InvalidArgumentException($message, self::INVALID_ARGUMENT, 'TP_E_INVALID_ARGUMENT'),
        );
    }

    public static function misuse(string $message): \LogicException
    {
        return self::withoutArguments(static fn () => new \LogicException($message));
    }

    /** @param string $reason a constant of LibraryException */
    public static function notLoaded(string $reason, string $message): LibraryException
    {
        return self::withoutArguments(static fn () => new LibraryException($message, $reason));
    }

    /**
     * A stack trace holds the arguments of every caller, the application's own function with the password included,
     * and is made to be logged: these have none. #[\SensitiveParameter] covers marked parameters only, and not PHP 8.1.
     *
     * @template T
     * @param \Closure(): T $make
     * @return T
     */
    public static function withoutArguments(#[\SensitiveParameter] \Closure $make): mixed
    {
        if (!function_exists('ini_set')) {
            return $make();
        }
        $before = ini_set('zend.exception_ignore_args', '1');
        try {
            return $make();
        } finally {
            if ($before !== false) {
                ini_set('zend.exception_ignore_args', $before);
            }
        }
    }
}
