"""What lies under `extractors.fetch`, from the outside in: loop, visits, politeness and robots, exchange,
decoding, network. Nothing else imports these modules.
"""
