"""Files that people send with a question: fetched, recognised by their bytes, and made into what a model can read.

    reader = FileReader(download)                          # in `reader`; one per platform
    reading = await reader.read(attachments, vision=True)  # never fails because of a file
    turn = reading.turn("What is wrong in this log?")
    lines = [words.line(left_out) for left_out in reading.left_out]

Images go to models that can see; text, source code and PDFs become text. Everything else, and what is beyond the limits, is
left out, with one line for the chat.
"""
