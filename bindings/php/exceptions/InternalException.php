<?php

declare(strict_types=1);

namespace Testpress;

/** TP_E_INTERNAL: a bug in the library, or the process is out of descriptors or threads. */
final class InternalException extends TestpressException
{
}
