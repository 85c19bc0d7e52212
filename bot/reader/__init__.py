"""Readers: any chat that receives; their day and their next digest."""
