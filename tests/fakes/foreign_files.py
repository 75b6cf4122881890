"""Files that are no songs, and the parts to write broken ones from."""

import io
import random
import struct
import zipfile


def _zip() -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("song.mp3", b"not really" * 100)
    return archive.getvalue()


_NOISE = random.Random(7)
FOREIGN: dict[str, bytes] = {
    "zip": _zip(),
    "empty zip": b"PK\x05\x06" + bytes(18),
    "pdf": b"%PDF-1.7\n" + bytes(500),
    "png": b"\x89PNG\r\n\x1a\n" + bytes(500),
    "jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(500),
    "gif": b"GIF89a" + bytes(500),
    "webp": b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(500),
    "avi": b"RIFF\x24\x00\x00\x00AVI LIST" + bytes(500),
    "html": b"<!DOCTYPE html><html><body>404 not found</body></html>",
    "html after blanks": b"\xef\xbb\xbf \r\n <HTML><script>alert(1)</script></HTML>",
    "xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "json": b'{"song": "none"}',
    "text": b"la la la\n" * 200,
    "gzip": b"\x1f\x8b\x08" + bytes(500),
    "rar": b"Rar!\x1a\x07\x01\x00" + bytes(500),
    "7z": b"7z\xbc\xaf\x27\x1c" + bytes(500),
    "tar": b"song.mp3".ljust(257, b"\0") + b"ustar\0" + bytes(500),
    "webm": b"\x1aE\xdf\xa3" + bytes(500),
    "wma": bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c") + bytes(500),
    "caf": b"caff\x00\x01\x00\x00" + bytes(500),
    "wavpack": b"wvpk" + bytes(500),
    "monkey": b"MAC \x96\x0f" + bytes(500),
    "midi": b"MThd\x00\x00\x00\x06\x00\x01\x00\x01\x00\x60" + bytes(100),
    "amr": b"#!AMR\n" + bytes(500),
    "au": b".snd\x00\x00\x00\x18" + bytes(500),
    "playlist": b"#EXTM3U\n#EXTINF:1,x\nhttp://127.0.0.1:1/secret\n",
    "concat script": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "cue sheet": b'FILE "/etc/passwd" WAVE\n  TRACK 01 AUDIO\n',
    "elf": b"\x7fELF\x02\x01\x01" + bytes(500),
    "exe": b"MZ\x90\x00" + bytes(500),
    "mpeg video": b"\x00\x00\x01\xba" + bytes(500),
    "zeros": bytes(10_000),
    "ones": b"\xff" * 10_000,
    "one byte": b"\xff",
    "noise": _NOISE.randbytes(50_000),
    "more noise": _NOISE.randbytes(200_000),
}


def ogg_page(body: bytes, serial: int, number: int, flags: int, granule: int = 0) -> bytes:
    """One page of an OGG stream, with its checksum."""
    lacing = bytes([255] * (len(body) // 255) + [len(body) % 255])
    head = b"OggS\0" + bytes([flags]) + struct.pack("<qIII", granule, serial, number, 0) + bytes([len(lacing)]) + lacing
    crc = 0
    for byte in head + body:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ (0x04C11DB7 if crc & 0x80000000 else 0)) & 0xFFFFFFFF
    return head[:22] + struct.pack("<I", crc) + head[26:] + body


def wav(claimed: int, audio: bytes, channels: int = 2, rate_hz: int = 48_000, bits: int = 16) -> bytes:
    """A WAV file whose header claims a length, and what else is wanted."""
    block = channels * bits // 8 % 65_536
    fmt = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, channels, rate_hz, rate_hz * block % 2**32, block, bits)
    return b"RIFF" + struct.pack("<I", 2**32 - 1) + b"WAVE" + fmt + b"data" + struct.pack("<I", claimed) + audio


def box(name: bytes, body: bytes) -> bytes:
    """A box of an MP4 file."""
    return struct.pack(">I4s", len(body) + 8, name) + body


def nested(depth: int) -> bytes:
    """Boxes in boxes."""
    return b"".join(struct.pack(">I4s", 8 * (depth - level), b"moov") for level in range(depth))
