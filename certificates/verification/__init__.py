"""The public answer to: is this paper genuine and still valid?"""
