@payment
Feature: Payment sessions
  A payment session belongs to one order. It says how the order is paid, where the customer goes for that,
  and what became of it; the order follows.

  Background:
    Given Christina has signed in

  Rule: A payment session is the same wherever it is looked up

    Scenario Outline: A payment session by <account> is found by its number and by its order
      Given Christina has ordered 1 "Product 14", to be paid by "<account>"
      When Christina opens a payment session for the order
      Then the payment session with its number is the one that was opened
      And the order's payment session is the one that was opened
      And nothing else has changed

      Examples:
        | account |
        | cash    |
        | card    |

    Scenario: Each order has its own payment session
      Given Christina has begun to pay for 1 "Product 14" by another account if there is one
      And Christina has ordered 2 "Product 14", to be paid by another account if there is one
      When Christina opens a payment session for the order
      Then the order's payment session is the one that was opened
      And nothing else has changed

    Scenario: Each order has its own payment intent
      Given Christina has ordered 1 "Product 14", to be paid by "card"
      And Christina has opened a payment intent for the order
      And Christina has ordered 2 "Product 14", to be paid by "card"
      When Christina opens a payment intent for the order
      Then the order's payment session is the one that was opened
      And nothing else has changed

    Scenario: A long list shows each payment session on one page
      Given Christina has begun to pay for 1 "Product 14"
      And Christina has begun to pay for 2 "Product 14" by another account if there is one
      And Christina has begun to pay for 3 "Product 14"
      When Christina turns the pages of the list of payment sessions, 2 sessions each
      Then no payment session is on two pages
      And nothing else has changed

    Scenario: Customers who pay in turn keep their own payment sessions
      Given Christina has ordered 1 "Product 14"
      And Ben has signed in
      And Ben has begun to pay for 2 "Product 14" by another account if there is one
      When Christina opens a payment session for the order
      Then the order's payment session is the one that was opened
      And nothing else has changed

    Scenario: A payment session is found in the list
      Given Christina has ordered 1 "Product 14"
      And Christina has looked at the list of payment sessions
      When Christina opens a payment session for the order
      Then the list of payment sessions of Christina shows the one that was opened
      And nothing else has changed

    Scenario: An order for which none was opened has no payment session
      When Christina orders 1 "Product 14"
      Then the order has no payment session
      And nothing else has changed

  Rule: The account decides how a customer pays

    @severity:critical
    Scenario: A card is paid on a checkout page
      Given Christina has ordered 1 "Product 14", to be paid by "card"
      When Christina opens a payment session for the order
      Then the payment session waits for payment by "card" and leads to a checkout page
      And the order leads to the same checkout page
      And nothing else has changed

    Scenario: A card can be paid on the shop's own page
      Given Christina has ordered 1 "Product 14", to be paid by "card"
      When Christina opens a payment intent for the order
      Then the payment intent waits for payment by "card" and has a secret for the shop's own page
      And nothing else has changed

    Scenario: An order is paid by the account that was chosen
      When Christina orders 1 "Product 14", to be paid by "card"
      Then the order is confirmed as placed, at the price of its products
      And the order reads back as it was placed
      And nothing else has changed

    Scenario: The shop offers payment in cash and by card
      When Christina looks at the ways to pay
      Then "cash" and "card" are among them

  Rule: The order follows its payment

    @severity:critical @mock_only
    Scenario Outline: A payment that is <outcome> shows on session and order
      Given Christina has ordered 1 "Product 14", to be paid by "card"
      And Christina has opened a payment session for the order
      When the payment is <outcome>
      Then the payment session is <outcome>
      And the order follows the <outcome> payment
      And nothing else has changed

      Examples:
        | outcome   |
        | completed |
        | canceled  |
        | expired   |

    @mock_only
    Scenario: A payment shows where the payment session was seen before
      Given Christina has begun to pay for 1 "Product 14" by "card"
      And Christina has looked at the payment session
      When the payment is completed
      Then the payment session is completed
      And the order's payment session is the one that was opened
      And nothing else has changed

    @mock_only
    Scenario Outline: A payment that is <outcome> leaves other orders as they are
      Given Ben has signed in
      And Ben has begun to pay for 1 "Product 14" by "card"
      And Christina has begun to pay for 2 "Product 14" by "card"
      When the payment is <outcome>
      Then the payment session is <outcome>
      And nothing else has changed

      Examples:
        | outcome   |
        | completed |
        | canceled  |

    @mock_only
    Scenario: A payment that is completed leaves the customer's other orders as they are
      Given Christina has ordered 2 "Product 14", to be paid by "card"
      And Christina has begun to pay for 1 "Product 14" by "card"
      When the payment is completed
      Then the order reads back as it was placed
      And nothing else has changed

  Rule: Payment sessions are opened only by buyers, for their orders

    @undocumented
    Scenario: Nobody pays for an order that does not exist
      When Christina tries to open a payment session for an order that does not exist
      Then the shop refuses
      And nothing else has changed

    @severity:critical @undocumented
    Scenario: Nobody opens a payment session for somebody else's order
      Given Christina has ordered 1 "Product 14"
      And Ben has signed in and can order 1 "Product 14" and open a payment session for it
      When Ben tries to open a payment session for the order
      Then the shop refuses
      And nothing else has changed

    @severity:critical @undocumented
    Scenario: Nobody sees somebody else's payment session
      Given Christina has ordered 1 "Product 14"
      And Christina has opened a payment session for the order
      And Ben has signed in and can order 1 "Product 14" and see its payment session
      When Ben tries to see the order's payment session
      Then the shop refuses or shows nothing
      And nothing else has changed

    @severity:critical @undocumented
    Scenario: Nobody sees somebody else's payment session by its number
      Given Christina has ordered 1 "Product 14"
      And Christina has opened a payment session for the order
      And Ben has signed in and can order 1 "Product 14" and see its payment session
      When Ben tries to see the payment session by its number
      Then the shop refuses
      And nothing else has changed

    @severity:critical @undocumented
    Scenario: Nobody finds somebody else's payment session in the list
      Given Christina has ordered 1 "Product 14"
      And Ben has signed in and can order 1 "Product 14" and find its payment session in the list
      When Christina opens a payment session for the order
      Then the list of payment sessions of Ben does not show it
      And nothing else has changed

    @undocumented
    Scenario: A payment session is of a kind that exists
      Given Christina has ordered 1 "Product 14"
      And Christina has opened a payment session for the order
      When Christina tries to open a payment session of a kind that does not exist
      Then the shop refuses
      And nothing else has changed

    @undocumented
    Scenario: A visitor cannot open a payment session
      Given Christina has ordered 1 "Product 14"
      When a visitor tries to open a payment session for the order
      Then the shop turns the visitor away
      And nothing else has changed
