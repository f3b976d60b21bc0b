<?php

declare(strict_types=1);

namespace Testpress;

/**
 * The native library can't be used. Nothing was sent; the message says what to do, and reason() which trouble it is.
 */
final class LibraryException extends TestpressException
{
    /** PHP's FFI extension is missing or switched off; the message has the lines for php.ini. */
    public const FFI_OFF = 'ffi-off';

    /** No file could be loaded; the message has every path that was tried, and why each failed. */
    public const NOT_FOUND = 'not-found';

    /** The library that was found has another ABI. */
    public const WRONG_ABI = 'wrong-abi';

    /** The library that was found is older than this package. */
    public const TOO_OLD = 'too-old';

    public function __construct(string $message, private readonly string $reason)
    {
        parent::__construct($message);
    }

    /** One of the constants of this class. */
    public function reason(): string
    {
        return $this->reason;
    }
}
